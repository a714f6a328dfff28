package io.urteil.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.local.train.RunDirectory;
import io.urteil.run.EvaluateSection;
import io.urteil.run.RunFile;
import io.urteil.run.StalenessSection;
import io.urteil.run.TrainSection;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDirectoryTest {

  @Test
  void shouldFillInTheRunFileAndReadTheSameWhenResumed(@TempDir Path directory) {
    // When
    RunFile created = DemoDirectory.create(new DemoSettings(3, 7, 2, 1e-3, false, 2, directory));

    // Then
    assertThat(created.run()).isEqualTo("arithmetic-judge-seed7");
    assertThat(created.staleness()).isEqualTo(new StalenessSection(2, true));
    assertThat(created.checkpoint().keep()).isEqualTo(7);
    assertThat(created.evaluate())
        .isEqualTo(new EvaluateSection(2, directory.resolve("heldout.jsonl"), 200));
    TrainSection train = Objects.requireNonNull(created.train());
    assertThat(train.steps()).isEqualTo(3);
    assertThat(train.learningRate()).isEqualTo(1e-3);
    assertThat(train.importance()).isEqualTo(TrainSection.Importance.NONE);
    RunFile resumed = new RunDirectory(directory).read();
    assertThat(resumed).isEqualTo(created);
    assertThat(resumed.hash()).isEqualTo(created.hash());
  }
}
