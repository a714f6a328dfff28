package io.urteil.docs;

import io.urteil.cli.UrteilCommand;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The command line as picocli knows it. */
final class CommandLineOptions {

  private CommandLineOptions() {}

  /** An option or positional argument of a command. */
  record Argument(String name, boolean required, @Nullable String fallback) {}

  /** The arguments of each command that does something by itself, in the order of its help. */
  static Map<String, List<Argument>> byCommand() {
    Map<String, List<Argument>> commands = new TreeMap<>();
    collect(top(), commands);
    return commands;
  }

  /** The options that every command has. */
  static List<String> ofEveryCommand() {
    return top().getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
  }

  private static void collect(CommandLine line, Map<String, List<Argument>> commands) {
    List<CommandLine> below =
        line.getSubcommands().entrySet().stream()
            .filter(entry -> !entry.getKey().equals("help"))
            .map(Map.Entry::getValue)
            .toList();
    if (below.isEmpty()) {
      CommandSpec spec = line.getCommandSpec();
      commands.put(spec.qualifiedName(), arguments(spec));
    }
    below.forEach(command -> collect(command, commands));
  }

  private static List<Argument> arguments(CommandSpec spec) {
    List<String> common = ofEveryCommand();
    List<Argument> arguments = new ArrayList<>();
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      arguments.add(argument(parameter.paramLabel(), parameter));
    }
    for (OptionSpec option : spec.options()) {
      if (!common.contains(option.longestName())) {
        arguments.add(argument(option.longestName(), option));
      }
    }
    return arguments;
  }

  private static Argument argument(String name, ArgSpec argument) {
    String fallback = argument.defaultValue();
    return new Argument(
        name, isRequired(argument), fallback == null || fallback.isEmpty() ? null : fallback);
  }

  /** With the commands of the benchmarks, which are plug-ins. */
  private static CommandLine top() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return UrteilCommand.line(nowhere, nowhere);
  }

  /** Options that exclude each other count as required by the parser; none of them is, alone. */
  private static boolean isRequired(ArgSpec argument) {
    boolean oneOfSeveral = argument.group() != null && argument.group().exclusive();
    return argument.required() && !oneOfSeveral;
  }
}
