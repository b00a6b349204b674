/** Many prunings of many models as one table. */
package io.github.last4j.sweep;
