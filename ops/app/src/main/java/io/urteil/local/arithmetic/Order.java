package io.urteil.local.arithmetic;

/** In which order a prompt shows the two candidates of a {@link Problem}. */
public enum Order {
  AB,
  BA
}
