package io.urteil.cli.service;

import io.urteil.run.RunFile;
import java.util.List;

/** What {@code urteil serve} prints when it is ready: a first request, and lines for trainers. */
final class ServeGuide {

  private ServeGuide() {}

  /**
   * The text for these runs, of which the first serves as example.
   *
   * @param keys whether clients need a key
   */
  static String text(String host, int port, boolean keys, List<RunFile> runs) {
    String url = "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port);
    String run = runs.getFirst().run();
    return """
        gateway ready at %1$s, runs: %2$s (Ctrl-C stops it)

          curl -s %1$s/v1/rewards%4$s -H 'Content-Type: application/json' -d '{"run": "%3$s", "groups": [
            {"prompt": "What is 6 times 7?", "reference": "42", "members": [
              {"text": "The answer is 42."}, {"text": "The answer is 41."}]}]}'

          TRL       GRPOTrainer(reward_funcs=urteil_rewards.trl("%1$s", "%3$s"), ...)
          verl      reward.custom_reward_function.path=ops/python/urteil_rewards.py \\
                    +reward.custom_reward_function.reward_kwargs.url=%1$s \\
                    +reward.custom_reward_function.reward_kwargs.run=%3$s
          OpenRLHF  --reward.remote_url %1$s%5$s/get_reward?run=%3$s
          (urteil_rewards is ops/python/urteil_rewards.py%6$s; other clients: ops/docs/gateway-clients.md)

          Try it in a browser: %1$s/q/swagger-ui    Described: %1$s/q/openapi"""
        .formatted(
            url,
            String.join(", ", runs.stream().map(RunFile::run).toList()),
            run,
            keys ? " -H 'Authorization: Bearer KEY'" : "",
            keys ? "/k/KEY" : "",
            keys ? "; their key is URTEIL_API_KEY" : "");
  }
}
