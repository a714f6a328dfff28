package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.audit.AuditReport;
import io.urteil.audit.replay.ReplayReport;
import io.urteil.bench.chaos.ChaosReport;
import io.urteil.bench.engine.EngineReport;
import io.urteil.bench.precision.PrecisionReport;
import io.urteil.cli.option.ReportOption;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.report.EvaluationReport;
import io.urteil.local.rejudge.Agreement;
import io.urteil.local.train.TrainingReport;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JSON of the large reports against golden files: names, order and nesting. Every leaf of a
 * report holds its own number, counted in the order of the components.
 */
class ReportJsonTest {

  private static final String GOLDEN = "ops/docs/src/test/resources/reports/";

  @ParameterizedTest
  @ValueSource(
      classes = {
        AuditReport.class,
        ReplayReport.class,
        EvaluationReport.class,
        EvaluationResult.class,
        TrainingReport.class,
        Agreement.class,
        EngineReport.class,
        PrecisionReport.class,
        ChaosReport.class
      })
  void shouldPrintTheReportAsBefore(Class<?> report) throws Exception {
    // Given
    String golden = Repository.text(GOLDEN + report.getSimpleName() + ".json");

    // When
    String json = ReportOption.json(new Sample(false).of(report)) + "\n";
    String withNulls = ReportOption.json(new Sample(true).of(report));

    // Then
    assertThat(json).isEqualTo(golden);
    assertThat(names(withNulls)).isEqualTo(names(golden));
  }

  private static List<String> names(String json) throws Exception {
    List<String> names = new ArrayList<>();
    new ObjectMapper().readTree(json).fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Makes records of numbered values; null where that is allowed and asked for. */
  private static final class Sample {

    private final boolean nulls;
    private int count;

    Sample(boolean nulls) {
      this.nulls = nulls;
    }

    Object of(Class<?> type) throws ReflectiveOperationException {
      RecordComponent[] components = type.getRecordComponents();
      @Nullable Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        boolean nullable =
            components[i].getAnnotatedType().isAnnotationPresent(Nullable.class)
                && !ReportComponents.isUnwrapped(components[i]);
        values[i] = nulls && nullable ? null : value(components[i].getGenericType());
      }
      var constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    }

    private Object value(Type type) throws ReflectiveOperationException {
      if (type instanceof ParameterizedType generic) {
        Type[] arguments = generic.getActualTypeArguments();
        Object raw = generic.getRawType();
        if (raw == List.class) {
          return List.of(value(arguments[0]));
        }
        assertThat(raw).isIn(Map.class, SequencedMap.class, SortedMap.class);
        return new TreeMap<>(Map.of(value(arguments[0]), value(arguments[1])));
      }
      Class<?> plain = (Class<?>) type;
      if (plain.isRecord()) {
        return of(plain);
      }
      if (plain.isEnum()) {
        return plain.getEnumConstants()[0];
      }
      count++;
      return switch (plain.getSimpleName()) {
        case "String" -> "text " + count;
        case "int", "Integer" -> count;
        case "long", "Long" -> (long) count;
        case "double", "Double" -> count + 0.5;
        case "boolean", "Boolean" -> true;
        default -> throw new AssertionError("no sample of " + plain);
      };
    }
  }
}
