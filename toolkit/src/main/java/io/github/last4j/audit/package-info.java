/** The claims of the paper, each with its measure, and the search for what refutes them. */
package io.github.last4j.audit;
