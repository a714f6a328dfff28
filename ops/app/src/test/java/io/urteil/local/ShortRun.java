package io.urteil.local;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.event.Namespace;
import io.urteil.local.watch.RunStatistics;
import io.urteil.local.watch.RunWatch;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.testing.RandomModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two updates of a {@link RandomModel} that is paid for writing a number. */
final class ShortRun {

  static final String NAME = "any-model";
  static final int STEPS = 2;
  static final int GROUPS = 4;
  static final int SAMPLES = 4;
  static final int LAG = 1;

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private ShortRun() {}

  /** Writes model and prompts to a directory and reads a run file that names them. */
  static RunFile of(Path directory) throws IOException {
    Path model = RandomModel.write(directory.resolve("model"));
    Path prompts = directory.resolve("prompts.jsonl");
    Files.write(prompts, promptLines());
    String text =
        """
        run: %s
        policy: { model: %s }
        data: { prompts: %s, order: given, seed: 3 }
        group: { arms: [only], samplesPerArm: %d, deadline: 60s, onMissing: drop }
        sampling: { temperature: 1.0, maxTokens: 24 }
        judges: { number: { type: answer, compare: number } }
        reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: -0.5 }
        batch: { kind: grpo, groups: %d, zeroVariance: keepCount, order: ordinal }
        staleness: { maxVersionsBehind: %d, exact: true }
        train: { objective: grpo, steps: %d, learningRate: 1.0e-3 }
        """
            .formatted(NAME, model, prompts, SAMPLES, GROUPS, LAG, STEPS);
    return RunFileReader.read(NAME, text);
  }

  /** Waits for the last update. */
  static void awaitEnd(AllInOne all) {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              all.failure().ifPresent(ShortRun::fail);
              return figures(all.namespace()).step() >= STEPS;
            });
  }

  /** The figures of everything on the topics. */
  static RunStatistics figures(Namespace place) {
    try (RunWatch watch = new RunWatch(place, NAME, 1)) {
      while (watch.poll(Duration.ofMillis(300))) {}
      return watch.read(read -> read);
    }
  }

  private static void fail(Throwable cause) {
    throw new AssertionError(cause);
  }

  /** Of 5, about 50, 5 and about 190 tokens by turns, so that every batch has all of them. */
  private static List<String> promptLines() throws IOException {
    List<String> lines = new ArrayList<>();
    String filler = " the 9 and";
    for (int i = 0; i < GROUPS * STEPS; i++) {
      int fillers = i % 4 == 1 ? 10 : i % 4 == 3 ? 46 : 0;
      String prompt = "1 + " + i % 9 + filler.repeat(fillers);
      Object arm = Map.of("name", "only", "prompt", prompt, "reference", "" + (1 + i % 9));
      lines.add(JSON.writeValueAsString(Map.of("id", "p" + i, "arms", List.of(arm))));
    }
    return lines;
  }
}
