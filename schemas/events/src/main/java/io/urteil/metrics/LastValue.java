package io.urteil.metrics;

import java.util.function.DoubleSupplier;

/** The value of a gauge, set by one thread and read by any; NaN until it is set. */
public final class LastValue implements DoubleSupplier {

  private volatile double value = Double.NaN;

  LastValue() {}

  public void set(double newValue) {
    value = newValue;
  }

  @Override
  public double getAsDouble() {
    return value;
  }
}
