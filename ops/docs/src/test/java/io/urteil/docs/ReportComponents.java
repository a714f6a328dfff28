package io.urteil.docs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;

/** The components of a report as its JSON shows them: those of unwrapped records stand in line. */
final class ReportComponents {

  private ReportComponents() {}

  /** All components of a report, in order. */
  static Stream<RecordComponent> of(Class<?> report) {
    return Arrays.stream(report.getRecordComponents())
        .flatMap(
            component ->
                isUnwrapped(component) ? of(component.getType()) : Stream.of(component));
  }

  static boolean isUnwrapped(RecordComponent component) {
    return component.getAccessor().isAnnotationPresent(JsonUnwrapped.class);
  }
}
