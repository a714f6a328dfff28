package io.urteil.local.view;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A terminal that knows the few movements that {@link LiveView} makes. */
final class TerminalScreen {

  private static final Pattern MOVEMENT =
      Pattern.compile("\u001b\\[(\\d*)([AJK])|\r|\n|[^\u001b\r\n]+");

  private final List<String> lines = new ArrayList<>(List.of(""));
  private int row;

  /** What stands on the screen after all this was printed, without the empty last line. */
  static List<String> after(String printed) {
    TerminalScreen screen = new TerminalScreen();
    Matcher next = MOVEMENT.matcher(printed);
    while (next.find()) {
      screen.take(next);
    }
    return screen.lines.subList(0, screen.lines.size() - 1);
  }

  private void take(Matcher printed) {
    if (printed.group(2) != null) {
      switch (printed.group(2)) {
        case "A" -> row -= Integer.parseInt(printed.group(1));
        case "K" -> lines.set(row, "");
        default -> {
          lines.set(row, "");
          lines.subList(row + 1, lines.size()).clear();
        }
      }
    } else if (printed.group().equals("\n")) {
      row++;
      if (row == lines.size()) {
        lines.add("");
      }
    } else if (!printed.group().equals("\r")) {
      lines.set(row, lines.get(row) + printed.group());
    }
  }
}
