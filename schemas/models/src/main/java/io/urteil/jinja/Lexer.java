package io.urteil.jinja;

import io.urteil.jinja.Token.Kind;
import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into tokens by the rules of Jinja2 with {@code trim_blocks} and {@code
 * lstrip_blocks}: a tag or comment removes the blanks before it on its line and the line break
 * after it; {@code -} removes all white space on its side, {@code +} none.
 */
final class Lexer {

  private static final int LENGTH_MAX = 1_000_000;

  private static final Pattern RAW = Pattern.compile("\\{%([-+]?)\\s*raw\\s*(?:-%\\}\\s*|%\\})");
  private static final Pattern END_RAW =
      Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][-+]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\\da-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
  private static final Pattern STRING =
      Pattern.compile("'((?:[^'\\\\]|\\\\.)*+)'|\"((?:[^\"\\\\]|\\\\.)*+)\"", Pattern.DOTALL);
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}<>=.:|,]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private boolean lineStarting = true;
  private int countedTo;
  private int linesCounted = 1;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    if (template.length() > LENGTH_MAX) {
      throw new TemplateException(
          "a template of %d characters (expected: at most %d)"
              .formatted(template.length(), LENGTH_MAX));
    }
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < source.length()) {
      int open = nextOpening();
      if (open < 0) {
        text(source.substring(at));
        at = source.length();
        break;
      }
      char kind = source.charAt(open + 1);
      char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
      text(trimmed(source.substring(at, open), sign, kind != '{'));
      lineStarting = false;
      at = open;
      switch (kind) {
        case '#' -> comment();
        case '%' -> tag();
        default -> expression(Kind.PRINT_BEGIN, Kind.PRINT_END, "}}");
      }
    }
    tokens.add(new Token(Kind.END, "", line(source.length())));
  }

  private int nextOpening() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private String trimmed(String text, char sign, boolean stripsLine) {
    if (sign == '-') {
      return OriginText.template(text).strip(null, false, true).toString();
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    if (sign != '+'
        && stripsLine
        && (lineStart > 0 || lineStarting)
        && text.substring(lineStart).chars().allMatch(c -> OriginText.isSpace((char) c))) {
      return text.substring(0, lineStart);
    }
    return text;
  }

  private void text(String text) {
    if (!text.isEmpty()) {
      tokens.add(new Token(Kind.TEXT, text, line(at)));
    }
  }

  private void comment() {
    boolean signed = source.startsWith("-", at + 2) || source.startsWith("+", at + 2);
    int from = at + (signed ? 3 : 2);
    int close = source.indexOf("#}", from);
    if (close < 0) {
      throw TemplateException.at(line(at), "a comment without its end");
    }
    char sign = close > from ? source.charAt(close - 1) : ' ';
    at = close + 2;
    afterTag(sign);
  }

  private void tag() {
    Matcher raw = RAW.matcher(source).region(at, source.length());
    if (!raw.lookingAt()) {
      expression(Kind.TAG_BEGIN, Kind.TAG_END, "%}");
      return;
    }
    Matcher end = END_RAW.matcher(source);
    if (!end.find(raw.end())) {
      throw TemplateException.at(line(at), "a raw block without its end");
    }
    at = raw.end();
    lineStarting = source.charAt(raw.end() - 1) == '\n';
    String sign = String.valueOf(end.group(1));
    text(trimmed(source.substring(at, end.start()), sign.isEmpty() ? ' ' : sign.charAt(0), true));
    at = end.end();
    lineStarting = source.charAt(at - 1) == '\n';
  }

  /** Removes the white space after a tag or comment, and records whether a line starts here. */
  private void afterTag(char sign) {
    if (sign == '-') {
      skipSpace();
    } else if (sign != '+' && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
    lineStarting = source.charAt(at - 1) == '\n';
  }

  private void skipSpace() {
    while (at < source.length() && OriginText.isSpace(source.charAt(at))) {
      at++;
    }
  }

  private void expression(Kind begin, Kind end, String close) {
    int opened = at;
    tokens.add(new Token(begin, source.substring(at, at + 2), line(at)));
    at += 2;
    if (at < source.length() && (source.charAt(at) == '-' || source.charAt(at) == '+')) {
      at++;
    }
    int depth = 0;
    while (true) {
      skipSpace();
      if (at == source.length()) {
        throw TemplateException.at(
            line(opened), "'%s' without its end".formatted(source.substring(opened, opened + 2)));
      }
      if (depth == 0 && endsHere(close)) {
        char sign = source.charAt(at);
        at += sign == '-' || sign == '+' ? 3 : 2;
        tokens.add(new Token(end, close, line(at - 1)));
        if (end == Kind.TAG_END) {
          afterTag(sign);
        } else {
          if (sign == '-') {
            skipSpace();
          }
          lineStarting = source.charAt(at - 1) == '\n';
        }
        return;
      }
      Token token = token();
      tokens.add(token);
      if (token.kind() == Kind.OPERATOR) {
        depth += "([{".contains(token.text()) ? 1 : ")]}".contains(token.text()) ? -1 : 0;
      }
    }
  }

  private boolean endsHere(String close) {
    boolean signed =
        source.startsWith("-", at) || (close.equals("%}") && source.startsWith("+", at));
    return source.startsWith(close, at) || (signed && source.startsWith(close, at + 1));
  }

  private Token token() {
    int line = line(at);
    Matcher string = STRING.matcher(source).region(at, source.length());
    if (string.lookingAt()) {
      at = string.end();
      String body = string.group(1) != null ? string.group(1) : string.group(2);
      return new Token(Kind.STRING, unescaped(body, line), line);
    }
    for (var kind :
        List.of(
            new Lexeme(Kind.FLOAT, FLOAT),
            new Lexeme(Kind.INTEGER, INTEGER),
            new Lexeme(Kind.NAME, NAME),
            new Lexeme(Kind.OPERATOR, OPERATOR))) {
      Matcher matcher =
          kind.pattern().matcher(source).useTransparentBounds(true).region(at, source.length());
      if (matcher.lookingAt()) {
        at = matcher.end();
        return new Token(kind.kind(), matcher.group(), line);
      }
    }
    throw TemplateException.at(
        line, "'%s' (expected: an expression)".formatted(source.substring(at, at + 1)));
  }

  private record Lexeme(Kind kind, Pattern pattern) {}

  private static int codePoint(String body, int escapeAt, int digits, int line) {
    String code = body.substring(escapeAt + 1, Math.min(escapeAt + 1 + digits, body.length()));
    if (code.length() == digits && code.chars().allMatch(HexFormat::isHexDigit)) {
      long codePoint = HexFormat.fromHexDigitsToLong(code);
      boolean isSurrogate =
          codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
      if (codePoint <= Character.MAX_CODE_POINT && !isSurrogate) {
        return (int) codePoint;
      }
    }
    throw TemplateException.at(
        line,
        "'\\%s%s' (expected: %d hexadecimal digits of a character)"
            .formatted(body.charAt(escapeAt), code, digits));
  }

  /** The escapes of Python's string literals; an unknown one is unchanged. */
  static String unescaped(String body, int line) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c != '\\' || i + 1 == body.length()) {
        text.append(c);
        continue;
      }
      char escape = body.charAt(++i);
      switch (escape) {
        case '\n' -> {}
        case '\\', '\'', '"' -> text.append(escape);
        case 'a' -> text.append('\u0007');
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'v' -> text.append('\u000b');
        case 'x', 'u', 'U' -> {
          int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : 8;
          text.appendCodePoint(codePoint(body, i, digits, line));
          i += digits;
        }
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          int end = i + 1;
          while (end < body.length()
              && end < i + 3
              && body.charAt(end) >= '0'
              && body.charAt(end) <= '7') {
            end++;
          }
          text.append((char) Integer.parseInt(body.substring(i, end), 8));
          i = end - 1;
        }
        case 'N' -> throw TemplateException.at(line, "'\\N' (expected: a supported escape)");
        default -> text.append('\\').append(escape);
      }
    }
    return text.toString();
  }

  /** The line of an offset, counted from that of the last call. */
  private int line(int offset) {
    if (offset < countedTo) {
      countedTo = 0;
      linesCounted = 1;
    }
    for (int i = source.indexOf('\n', countedTo, offset);
        i >= 0;
        i = source.indexOf('\n', i + 1, offset)) {
      linesCounted++;
    }
    countedTo = offset;
    return linesCounted;
  }
}
