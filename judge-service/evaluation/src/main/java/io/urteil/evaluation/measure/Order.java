package io.urteil.evaluation.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An order in which the candidates of a comparison are shown.
 *
 * @param shown for each place the candidate's number in the benchmark's own order, from 0
 */
public record Order(List<Integer> shown) {

  public Order {
    shown = List.copyOf(shown);
  }

  /** The benchmark's own order. */
  public static Order given(int candidates) {
    return rotated(candidates, 0);
  }

  /** The benchmark's order backwards; of a pair, the other order. */
  public static Order reversed(int candidates) {
    List<Integer> shown = new ArrayList<>(given(candidates).shown);
    Collections.reverse(shown);
    return new Order(shown);
  }

  /** The benchmark's order, begun at another candidate. */
  static Order rotated(int candidates, int first) {
    List<Integer> shown = new ArrayList<>();
    for (int place = 0; place < candidates; place++) {
      shown.add((first + place) % candidates);
    }
    return new Order(shown);
  }

  /** The order of this name. */
  public static Order named(String name) {
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
    return new Order(shown);
  }

  /** {@code AB} and {@code BA} for a pair, else the numbers such as {@code 2,3,0,1}. */
  public String name() {
    if (shown.size() == 2) {
      return shown.getFirst() == 0 ? "AB" : "BA";
    }
    return shown.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** Values by the place they were shown at, put back into the benchmark's order. */
  public <T> List<T> backFrom(List<T> byPlace) {
    List<T> given = new ArrayList<>(byPlace);
    for (int place = 0; place < shown.size(); place++) {
      given.set(shown.get(place), byPlace.get(place));
    }
    return given;
  }

  /** Values in the benchmark's order, by the place they are shown at. */
  public <T> List<T> applyTo(List<T> given) {
    return shown.stream().map(given::get).toList();
  }

  @Override
  public String toString() {
    return name();
  }
}
