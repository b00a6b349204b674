/** Diagonal state space models: parameters, discretisation, initialisation and scans. */
package io.github.last4j.ssm;
