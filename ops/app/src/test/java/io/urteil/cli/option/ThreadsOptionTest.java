package io.urteil.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.engine.ThreadSettings;
import io.urteil.worker.JudgeWorkerSettings;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ThreadsOptionTest {

  private static final JudgeWorkerSettings SETTINGS = JudgeWorkerSettings.defaults();

  @Test
  void shouldReplaceTheThreadsOfTheProcessOnlyIfItIsGiven() {
    assertThat(option("--threads", "3").applyTo(SETTINGS).runtime().threads())
        .isEqualTo(new ThreadSettings(3, 1));
    assertThat(option().applyTo(SETTINGS)).isSameAs(SETTINGS);
  }

  @Test
  void shouldRefuseNoThreads() {
    assertThatThrownBy(() -> option("--threads", "0").applyTo(SETTINGS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--threads: 0 (expected: a whole number >= 1)");
  }

  private static ThreadsOption option(String... arguments) {
    ThreadsOption option = new ThreadsOption();
    new CommandLine(new Options(option)).parseArgs(arguments);
    return option;
  }

  private record Options(@CommandLine.Mixin ThreadsOption threads) {}
}
