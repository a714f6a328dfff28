package io.urteil.judges.answer.number;

import io.urteil.prompt.sentence.Courtesy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words around a value. Words before it must be known not to change it; words behind it may be
 * any unit or noun, but no operator, comparison, alternative or condition. A value among other
 * words is not read, because the words may be part of it.
 */
public final class Prose {

  private static final Pattern WORD = Pattern.compile("[\\p{L}]++(?:['\u2019][\\p{L}]++)?");

  /** Sentences and clauses are not longer than this many words. */
  private static final int MAX_WORDS = 24;

  /** Words that are read; what stands behind more may change anything. */
  private static final int MOST_WORDS = 10 * MAX_WORDS;

  private static final Set<String> BEFORE =
      words(
          "a an the this that these those it its is are was were be been being will would equals equal"
              + " gives give get gets we i you he she they there here has have had having need needs"
              + " needed takes take took makes make made costs cost paid pays pay earns earn earned"
              + " spends spend spent sold sells sell buys buy bought left remains remain remaining"
              + " total in all exactly only just about approximately approx roughly around so then"
              + " thus hence therefore final answer result value sum's amount length area perimeter"
              + " volume width height radius diameter distance speed time age price probability number"
              + " count angle slope option which her his their our my your each per answer's"
              + " equal to simply now finally altogether overall result's");

  private static final Set<String> OF_BEFORE =
      words("total answer value amount cost price number result length area volume distance count");

  private static final Set<String> CHANGING =
      words(
          "plus minus times multiplied divided over modulo mod remainder squared cubed factorial power"
              + " powers exponent raised root roots hundred thousand million billion trillion hundreds"
              + " thousands millions dozen dozens gross lakh crore half halves third thirds quarter"
              + " quarters fourth fourths fifth fifths sixth sixths seventh sevenths eighth eighths"
              + " ninth ninths tenth tenths hundredth hundredths thousandth thousandths if unless else"
              + " otherwise or nor not no never and but except without less more fewer greater smaller"
              + " larger bigger above below under upward upwards downward downwards least most to"
              + " through till until between off short ish negative positive false wrong incorrect"
              + " untrue base binary octal hex hexadecimal decimal reciprocal reciprocals inverse"
              + " inverted negated opposite doubled tripled quadrupled halved twice double triple"
              + " thrice increased decreased reduced choose repeating recurring plusminus either"
              + " neither maybe perhaps possibly probably cannot can't isn't ain't doesn't don't"
              + " wasn't aren't won't too also versus vs alternatively instead rather complement"
              + " conjugate successor predecessor backwards backward reversed approx approximately"
              + " approaching almost nearly exceeding excluding including inclusive respectively"
              + " respectfully percent percents permille pct e exp log ln sin cos tan sqrt"
              + " squareroot sq cube lots many several few multiples multiple divisors"
              + " upside sideways mirrored rotated flipped tens score fold quadrillion quintillion"
              + " th st nd rd factors factor when where whenever provided assuming depending otherwise's ago");

  private static final Set<String> DOUBT =
      words(
          "or not no nor neither either wait actually instead maybe perhaps possibly however but wrong"
              + " incorrect mistake mistaken correction rather alternatively otherwise unless if could"
              + " might should isn't doesn't cannot can't don't else false except negative minus"
              + " plus times sorry oops hmm alternatively another");

  private static final Pattern NO_MORE =
      Pattern.compile(",? no (?:more|less)(?! than)\\b", Pattern.CASE_INSENSITIVE);

  private static final Set<String> INTRODUCING =
      words("exactly only just about approximately approx roughly around simply");

  private Prose() {}

  private static Set<String> words(String words) {
    return Set.copyOf(List.of(words.split(" ")));
  }

  /** Whether a word may stand directly before a value. */
  public static boolean introduces(String word) {
    return INTRODUCING.contains(word.toLowerCase(Locale.ROOT));
  }

  /** Whether words before a value leave it as it is. */
  public static boolean leavesBefore(String words) {
    List<String> read = read(words);
    if (read.size() > MAX_WORDS || hasDigit(words)) {
      return false;
    }
    for (int i = 0; i < read.size(); i++) {
      String word = read.get(i).toLowerCase(Locale.ROOT);
      boolean name = read.get(i).length() > 1 && isName(read.get(i)) && !CHANGING.contains(word);
      boolean of =
          word.equals("of")
              && i > 0
              && OF_BEFORE.contains(read.get(i - 1).toLowerCase(Locale.ROOT));
      if (!BEFORE.contains(word) && !of && !(name && i == 0 && read.size() > 1)) {
        return false;
      }
    }
    return true;
  }

  /** Whether words behind a value are a unit, a noun or an explanation, and leave it as it is. */
  public static boolean leavesBehind(String words) {
    String bare = NO_MORE.matcher(words).replaceAll("");
    List<String> read = read(bare);
    if (read.size() > MAX_WORDS || hasDigit(bare)) {
      return false;
    }
    for (String word : read) {
      String lower = word.toLowerCase(Locale.ROOT);
      if (CHANGING.contains(lower) || NumberWords.isOne(lower) || isLetters(word)) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is a word that changes a value or leaves it open. */
  public static boolean changes(String words) {
    List<String> read = read(Courtesy.without(words));
    return read.size() > MOST_WORDS
        || read.stream().anyMatch(word -> CHANGING.contains(word.toLowerCase(Locale.ROOT)));
  }

  /** Whether a later sentence or clause casts no doubt on the answer before it. */
  public static boolean castsNoDoubt(String words) {
    List<String> read = read(Courtesy.without(words));
    return read.size() <= MOST_WORDS
        && read.stream().noneMatch(word -> DOUBT.contains(word.toLowerCase(Locale.ROOT)));
  }

  /** A single letter, other than an article or a unit, or several capitals: part of a formula. */
  private static boolean isLetters(String word) {
    return word.length() == 1
        ? !word.equals("a") && !Unit.isLetter(word)
        : word.length() < 4
            && word.equals(word.toUpperCase(Locale.ROOT))
            && !Unit.isKnown(word)
            && !word.matches("AM|PM|USD|EUR|GBP|MPH|KG|CM|MM|KM");
  }

  private static boolean isName(String word) {
    return Character.isUpperCase(word.charAt(0))
        && word.substring(1).equals(word.substring(1).toLowerCase(Locale.ROOT));
  }

  private static boolean hasDigit(String words) {
    return words.chars().anyMatch(Character::isDigit);
  }

  /** The words, of which one more than {@link #MOST_WORDS} at most. */
  private static List<String> read(String words) {
    Matcher matcher = WORD.matcher(words);
    List<String> read = new ArrayList<>();
    while (matcher.find() && read.size() <= MOST_WORDS) {
      read.add(matcher.group());
    }
    return List.copyOf(read);
  }
}
