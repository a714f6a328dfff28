package io.urteil.docs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;

/** The components of a report as its JSON shows them: those of unwrapped records stand in line. */
final class ReportComponents {

  private ReportComponents() {}

  /**
   * A component of a report, or of an unwrapped record in it.
   *
   * @param name in JSON
   */
  record Named(String name, RecordComponent component) {}

  /** All components of a report, in order. */
  static Stream<Named> of(Class<?> report) {
    return Arrays.stream(report.getRecordComponents()).flatMap(ReportComponents::inLine);
  }

  static boolean isUnwrapped(RecordComponent component) {
    return component.getAccessor().isAnnotationPresent(JsonUnwrapped.class);
  }

  private static Stream<Named> inLine(RecordComponent component) {
    JsonUnwrapped unwrapped = component.getAccessor().getAnnotation(JsonUnwrapped.class);
    return unwrapped == null
        ? Stream.of(new Named(component.getName(), component))
        : of(component.getType())
            .map(
                inner ->
                    new Named(
                        unwrapped.prefix() + inner.name() + unwrapped.suffix(), inner.component()));
  }
}
