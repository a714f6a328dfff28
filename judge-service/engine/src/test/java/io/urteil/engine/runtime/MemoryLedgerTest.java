package io.urteil.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.urteil.engine.CompletionRequest;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.engine.onnx.ScalarModel;
import io.urteil.engine.onnx.TinyModel;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.safetensors.DataType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MemoryLedgerTest {

  private static final long MIB = 1 << 20;
  private static final EngineSettings SETTINGS = EngineSettings.of(4, 64);
  private static final MemoryRequirement NEED =
      MemoryRequirement.of(TinyModel.QWEN2, DataType.F32, SETTINGS);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @Test
  void shouldCountWeightsAndSlots() {
    // 2 layers of 2 heads of 16, keys and values, 5 slots of 64 positions
    assertThat(NEED.slots()).isEqualTo(2 * 2 * 16 * 2 * 5 * 64 * 4);
    assertThat(NEED.weights())
        .isEqualTo(
            4
                * TinyModel.weights(TinyModel.QWEN2, 1).values().stream()
                    .mapToLong(tensor -> tensor.bytes().remaining() / 4)
                    .sum());
    assertThat(NEED.total()).isEqualTo(NEED.weights() + NEED.slots() + NEED.work());
  }

  @Test
  void shouldCountTheCacheAndNotAllSlotsWhereSequencesShareIt() {
    // Given
    long slot = SETTINGS.cacheShape(TinyModel.QWEN2).slotBytes();

    // Then: beside the staging slot
    assertThat(slots(SETTINGS.withCache(2 * slot + 7))).isEqualTo(3 * slot + 7);
    assertThat(slots(SETTINGS.withCache(1))).isEqualTo(2 * slot);
    assertThat(slots(SETTINGS.withCache(99 * slot))).isEqualTo(NEED.slots());
  }

  private static long slots(EngineSettings settings) {
    return MemoryRequirement.of(TinyModel.QWEN2, DataType.F32, settings).slots();
  }

  @Test
  void shouldCountEightBitWeightsByTheirBytes() {
    // Given
    DecoderConfig config = TinyModel.QWEN2;
    long matrices = 2 * (64 * 64 + 2 * 32 * 64 + 64 * 64 + 3 * 64 * 96) + 50 * 64;
    long floats = 2 * (64 + 2 * 32 + 2 * 64) + 64;

    // When
    MemoryRequirement need =
        MemoryRequirement.of(config, DataType.BF16, SETTINGS.withWeights(WeightPrecision.INT8));

    // Then: a byte each, three floats a block of 32, and the embedding in its two bytes
    assertThat(need.weights()).isEqualTo(matrices + matrices / 32 * 12 + 50 * 64 * 2 + floats * 4);
    assertThat(need.whileOpening().total()).isEqualTo(2 * (matrices + matrices / 32 * 4));
    assertThat(need.slots()).isEqualTo(NEED.slots());
    assertThat(need.weights()).isLessThan(NEED.weights() / 2);
  }

  @Test
  void shouldEnterAScalarModelAndStrikeItOutWhenItIsClosed() throws Exception {
    // Given
    Path path = Path.of("src/test/resources/decoders/qwen2-scalar");
    MemoryRequirement need = MemoryRequirement.of(ModelDirectory.open(path), SETTINGS);
    MemoryLedger ledger = new MemoryLedger(need.total());

    // When
    try (ScalarModel model = ScalarModel.open(path, SETTINGS, ledger)) {

      // Then
      assertThat(ledger.taken()).isEqualTo(need.total());
      assertThat(model.labels()).isPositive();
      assertThatThrownBy(() -> ScalarModel.open(path, SETTINGS, ledger))
          .isInstanceOf(UnusableModelException.class)
          .hasMessageContaining("too much");
    }
    assertThat(ledger.taken()).isZero();
  }

  @Test
  void shouldSayByHowMuchAModelDoesNotFit() {
    // Given
    MemoryLedger ledger = new MemoryLedger(100 * MIB);
    ledger.reserve(directory, new MemoryRequirement(30 * MIB, 0, 0), 1);
    MemoryRequirement large = new MemoryRequirement(40 * MIB, 8 * MIB, 2 * MIB);

    // When, Then
    assertThatThrownBy(() -> ledger.reserve(directory, large, 2))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining(
            "memory: 100.0 MiB for 2 x (40.0 MiB of weights, 8.0 MiB of slots, 2.0 MiB to work"
                + " with) beside 30.0 MiB in use (expected: at most 100.0 MiB, so it is 30.0 MiB"
                + " too much;");
    assertThat(ledger.taken()).isEqualTo(30 * MIB);
  }

  @Test
  void shouldGiveBackOnce() {
    // Given
    MemoryLedger ledger = new MemoryLedger(100 * MIB);
    MemoryLedger.Reservation reservation =
        ledger.reserve(directory, new MemoryRequirement(30 * MIB, 0, 0), 1);
    ledger.reserve(directory, new MemoryRequirement(20 * MIB, 0, 0), 1);

    // When
    reservation.close();
    reservation.close();

    // Then
    assertThat(ledger.taken()).isEqualTo(20 * MIB);
  }

  @Test
  void shouldRefuseAModelThatWouldLeaveNoRoomForItsNextVersion() throws Exception {
    // Given
    Path path = TinyModel.write(directory.resolve("model"), TinyModel.QWEN2, 1);
    MemoryLedger ledger = new MemoryLedger(NEED.total() * 2 - 1);
    try (OnnxEngine twice = OnnxEngine.start(SETTINGS, ledger);
        OnnxEngine once = OnnxEngine.start(SETTINGS.withVersions(1), ledger)) {

      // When
      LoadOutcome refused = twice.switchTo(ModelVersion.of("a"), path).get();
      LoadOutcome loaded = once.switchTo(ModelVersion.of("a"), path).get();

      // Then
      assertThat(refused)
          .isInstanceOfSatisfying(
              LoadOutcome.Rejected.class,
              outcome -> assertThat(outcome.reason()).contains("2 x (").contains("too much"));
      assertThat(loaded).isInstanceOf(LoadOutcome.Loaded.class);
      assertThat(ledger.taken()).isEqualTo(NEED.total());
    }
    assertThat(ledger.taken()).isZero();
  }

  @Test
  void shouldServeOnAndTakeTheVersionLaterWhenThereWasNoRoom() throws Exception {
    // Given
    Path path = TinyModel.write(directory.resolve("model"), TinyModel.QWEN2, 1);
    MemoryLedger ledger = new MemoryLedger(NEED.total() * 2);
    ModelVersion first = new ModelVersion("m", "main", 1);
    ModelVersion second = new ModelVersion("m", "main", 2);
    ModelVersion third = new ModelVersion("m", "main", 3);
    try (OnnxEngine engine = OnnxEngine.start(SETTINGS, ledger)) {
      engine.switchTo(first, path).get();
      engine.load(second, path).get();

      // When
      LoadOutcome tooMany = engine.switchTo(third, path).get();

      // Then
      assertThat(tooMany).isInstanceOf(LoadOutcome.Rejected.class);
      assertThat(engine.current()).contains(first);
      assertThat(
              engine
                  .submit(
                      new CompletionRequest("r", new int[] {3}, 1, Sampling.greedy(4, List.of())))
                  .get()
                  .version())
          .isEqualTo(first);
      engine.retire(second).get();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(ledger.taken()).isEqualTo(NEED.total()));
      assertThat(engine.switchTo(third, path).get()).isInstanceOf(LoadOutcome.Loaded.class);
    }
  }
}
