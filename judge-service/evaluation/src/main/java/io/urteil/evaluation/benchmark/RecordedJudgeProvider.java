package io.urteil.evaluation.benchmark;

import io.urteil.judge.api.Judge;
import io.urteil.judge.api.JudgeProvider;
import io.urteil.plugin.PluginSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Provider of {@link RecordedJudge}, which run files configure as a judge plug-in:
 *
 * <pre>judges:
 *   gpt-3.5-turbo:
 *     type: urteil.recorded
 *     comparesMembers: true
 *     settings: {file: verdicts.jsonl, judge: gpt-3.5-turbo}</pre>
 */
public final class RecordedJudgeProvider implements JudgeProvider {

  public static final String TYPE = "urteil.recorded";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Judge make(PluginSettings settings) {
    Path file = settings.file("file");
    String judge = settings.text("judge", null);
    try {
      DataFile data = DataFile.read("settings.file", file);
      return new RecordedJudge(judge, data.sha256(), RecordedVerdicts.of(data, judge));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
