package io.urteil.order;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An order in which candidates are shown.
 *
 * @param shown for each position shown, the number of the candidate in the original order, from 0
 */
public record CandidateOrder(List<Integer> shown) {

  private static final int LETTERS = 26;

  /** Two candidates in the original order. */
  public static final CandidateOrder AB = given(2);

  /** Two candidates in reverse order. */
  public static final CandidateOrder BA = reversed(2);

  public CandidateOrder {
    shown = List.copyOf(shown);
  }

  /** The original order. */
  public static CandidateOrder given(int candidates) {
    return rotated(candidates, 0);
  }

  /** The reverse order. */
  public static CandidateOrder reversed(int candidates) {
    List<Integer> shown = new ArrayList<>(given(candidates).shown);
    Collections.reverse(shown);
    return new CandidateOrder(shown);
  }

  /** The original order, rotated to start at another candidate. */
  public static CandidateOrder rotated(int candidates, int first) {
    List<Integer> shown = new ArrayList<>();
    for (int position = 0; position < candidates; position++) {
      shown.add((first + position) % candidates);
    }
    return new CandidateOrder(shown);
  }

  /**
   * The order of this name.
   *
   * @throws IllegalArgumentException when the name is not a permutation
   */
  public static CandidateOrder named(String name) {
    if (name.equals("AB")) {
      return given(2);
    }
    if (name.equals("BA")) {
      return reversed(2);
    }
    List<Integer> shown = new ArrayList<>();
    for (String number : name.split(",", -1)) {
      shown.add(number.matches("\\d{1,4}") ? Integer.parseInt(number) : -1);
    }
    if (!shown.stream().sorted().toList().equals(given(shown.size()).shown)) {
      throw new IllegalArgumentException(
          "order: '%s' (expected: AB, BA, or the candidates' numbers such as 2,0,1)"
              .formatted(name));
    }
    return new CandidateOrder(shown);
  }

  /** {@code AB} and {@code BA} for a pair, else the numbers such as {@code 2,3,0,1}. */
  public String name() {
    if (shown.size() == 2) {
      return shown.getFirst() == 0 ? "AB" : "BA";
    }
    return shown.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /**
   * The label of a candidate for readers: its letter, as in prompts and files of pairs; after Z its
   * number, counted from 1.
   *
   * @param candidate from 0
   */
  public static String label(int candidate) {
    return candidate < LETTERS ? Character.toString('A' + candidate) : "" + (candidate + 1);
  }

  /** Converts values by position shown to the original order. */
  public <T> List<T> backFrom(List<T> byPosition) {
    List<T> given = new ArrayList<>(byPosition);
    for (int position = 0; position < shown.size(); position++) {
      given.set(shown.get(position), byPosition.get(position));
    }
    return given;
  }

  /** Converts values in the original order to the order shown. */
  public <T> List<T> applyTo(List<T> given) {
    return shown.stream().map(given::get).toList();
  }

  @Override
  public String toString() {
    return name();
  }
}
