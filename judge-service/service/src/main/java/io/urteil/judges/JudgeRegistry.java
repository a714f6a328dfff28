package io.urteil.judges;

import io.urteil.chat.ChatModel;
import io.urteil.chat.LocalChatModels;
import io.urteil.chat.RemoteChatModel;
import io.urteil.chat.RemoteServer;
import io.urteil.chat.decision.RemoteDecisionModel;
import io.urteil.chat.server.JudgeServers;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.file.FileRoots;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.JudgeProvider;
import io.urteil.judges.answer.AnswerJudge;
import io.urteil.judges.answer.MajorityAnswerJudge;
import io.urteil.judges.generative.DecisionJudge;
import io.urteil.judges.generative.GenerativeJudge;
import io.urteil.judges.generative.ListwiseJudge;
import io.urteil.judges.generative.PanelMember;
import io.urteil.judges.generative.TournamentJudge;
import io.urteil.judges.rule.VerdictJudge;
import io.urteil.judges.scalar.ScalarJudge;
import io.urteil.model.file.UnusableModelException;
import io.urteil.plugin.PluginSettings;
import io.urteil.plugin.Plugins;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgePrompts;
import io.urteil.prompt.VerdictFormat;
import io.urteil.run.judge.CustomJudge;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RubricJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Creates the judges of every type and owns their models. A model is opened for its first judge and
 * closed with this registry. Thread-safe; creating a judge blocks while its model is loaded.
 */
public final class JudgeRegistry implements AutoCloseable {

  private final LocalChatModels models;
  private final RuntimeSettings runtime;
  private final Map<ModelJudge.Scalar, ScalarJudge> scalars = new ConcurrentHashMap<>();
  private final JudgeServers declared;
  private final FileRoots files;
  private final Map<JudgePanel.Model.Remote, RemoteChatModel> servers = new ConcurrentHashMap<>();

  /**
   * @param slots of each local model
   * @param runtime threads and device of the local models
   * @param servers that judges may use
   * @param files that run files may name: models, judge prompts and files of plug-ins
   */
  public JudgeRegistry(
      SlotSettings slots, RuntimeSettings runtime, JudgeServers servers, FileRoots files) {
    this.models = new LocalChatModels(slots, runtime);
    this.runtime = runtime;
    this.declared = servers;
    this.files = files;
  }

  /**
   * The judge of this section.
   *
   * @throws IllegalArgumentException when the judge type, prompt, format or model is unknown or
   *     unusable
   */
  public Judge make(JudgeSection description) {
    return switch (description) {
      case RuleJudge.Verdict(String format, var formats) ->
          new VerdictJudge(VerdictFormat.named(format), named(formats));
      case RuleJudge.Answer(var compare) -> new AnswerJudge(compare);
      case RuleJudge.MajorityAnswer(var compare) -> new MajorityAnswerJudge(compare);
      case ModelJudge.Generative judge -> new GenerativeJudge(members(judge.panel()), judge);
      case ModelJudge.Tournament judge -> new TournamentJudge(members(judge.panel()), judge);
      case ModelJudge.Listwise judge -> new ListwiseJudge(members(judge.panel()), judge);
      case ModelJudge.Scalar judge -> scalar(judge);
      case RubricJudge judge ->
          new DecisionJudge(
              new RemoteDecisionModel(server(judge.server()), judge.protocol()), judge);
      case CustomJudge judge -> plugin(judge);
    };
  }

  private Judge plugin(CustomJudge description) {
    PluginSettings settings =
        new PluginSettings(
            "judge type '" + description.type() + "'", description.settings(), files);
    Judge judge =
        Plugins.named(JudgeProvider.class, JudgeProvider::type, description.type()).make(settings);
    settings.rejectUnknown();
    return judge;
  }

  private static Map<String, VerdictFormat> named(Map<String, String> formats) {
    return formats.entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, entry -> VerdictFormat.named(entry.getValue())));
  }

  private ScalarJudge scalar(ModelJudge.Scalar description) {
    return scalars.computeIfAbsent(
        description,
        settings -> {
          try {
            return ScalarJudge.open(
                new ModelJudge.Scalar(
                    files.requireModel("model", settings.model()),
                    settings.weights(),
                    settings.timeLimit()),
                precision(settings.weights()),
                runtime);
          } catch (IOException e) {
            throw new IllegalArgumentException(
                "model %s: %s".formatted(settings.model(), e.getMessage()), e);
          } catch (UnusableModelException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
          }
        });
  }

  private List<PanelMember> members(JudgePanel panel) {
    List<PanelMember> members = new ArrayList<>();
    panel
        .members()
        .forEach(
            (name, member) ->
                members.add(new PanelMember(name, model(member.model()), prompt(member.prompt()))));
    return members;
  }

  private JudgePrompt prompt(String nameOrFile) {
    return JudgePrompts.isFile(nameOrFile)
        ? JudgePrompts.find(files.require("prompt", nameOrFile).toString())
        : JudgePrompts.named(nameOrFile);
  }

  private ChatModel model(JudgePanel.Model model) {
    return switch (model) {
      case JudgePanel.Model.Local(Path directory, Weights weights) ->
          models.of(files.requireModel("model", directory), precision(weights));
      case JudgePanel.Model.Remote server -> server(server);
    };
  }

  private RemoteChatModel server(JudgePanel.Model.Remote server) {
    return servers.computeIfAbsent(server, s -> new RemoteChatModel(remote(s)));
  }

  private static WeightPrecision precision(Weights weights) {
    return switch (weights) {
      case F32 -> WeightPrecision.F32;
      case INT8 -> WeightPrecision.INT8;
    };
  }

  private RemoteServer remote(JudgePanel.Model.Remote remote) {
    return switch (remote) {
      case JudgePanel.Model.NamedServer(String name) -> declared.named(name);
      case JudgePanel.Model.Server server -> {
        declared.requireAllowed(server.url());
        yield RemoteServer.at(URI.create(server.url()), server.model())
            .withLimits(server.concurrency(), server.requestsPerMinute(), server.tokensPerMinute())
            .withAssistantPrefix(prefix(server.assistantPrefix()))
            .withoutExcerpts();
      }
    };
  }

  private static RemoteServer.AssistantPrefix prefix(
      JudgePanel.Model.Server.AssistantPrefix assistantPrefix) {
    return switch (assistantPrefix) {
      case NONE -> RemoteServer.AssistantPrefix.NONE;
      case LAST_MESSAGE -> RemoteServer.AssistantPrefix.LAST_MESSAGE;
      case CONTINUE_FINAL_MESSAGE -> RemoteServer.AssistantPrefix.CONTINUE_FINAL_MESSAGE;
    };
  }

  @Override
  public void close() {
    scalars.values().forEach(ScalarJudge::close);
    scalars.clear();
    servers.values().forEach(ChatModel::close);
    servers.clear();
    models.close();
  }
}
