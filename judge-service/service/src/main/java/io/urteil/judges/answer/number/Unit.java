package io.urteil.judges.answer.number;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Units of measure. An answer may omit the unit of the reference, but not name another one. */
public final class Unit {

  private static final Map<String, String> CANONICAL = canonical();

  private Unit() {}

  private static Map<String, String> canonical() {
    Map<String, String> units = new HashMap<>();
    List<String> spellings =
        List.of(
            "mm millimeter millimeters millimetre millimetres",
            "cm centimeter centimeters centimetre centimetres",
            "m meter meters metre metres",
            "km kilometer kilometers kilometre kilometres",
            "inch inches in",
            "ft foot feet",
            "yd yard yards",
            "mi mile miles",
            "mg milligram milligrams",
            "g gm gms gram grams",
            "kg kilogram kilograms",
            "lb lbs pound pounds",
            "oz ounce ounces",
            "s sec secs second seconds",
            "min mins minute minutes",
            "h hr hrs hour hours",
            "day days",
            "week weeks",
            "month months",
            "year years",
            "mph",
            "kph",
            "dollar dollars usd",
            "euro euros eur",
            "yen",
            "sterling gbp",
            "rupee rupees",
            "cent cents",
            "liter liters litre litres",
            "ml milliliter milliliters millilitre millilitres",
            "degree degrees",
            "radian radians");
    for (String line : spellings) {
      String[] names = line.split(" ");
      for (String name : names) {
        units.put(name, names[0]);
      }
    }
    return Map.copyOf(units);
  }

  /** Whether a word of at least two letters is a unit, as opposed to a product of letters. */
  public static boolean isKnown(String word) {
    return word.length() > 1
        && !word.equals("in")
        && CANONICAL.containsKey(word.toLowerCase(Locale.ROOT));
  }

  /** Whether a single letter behind a number is a unit. */
  public static boolean isLetter(String letter) {
    return letter.length() == 1 && "mgsh".contains(letter);
  }

  /** Whether both are known units and differ. */
  public static boolean contradict(@Nullable String one, @Nullable String other) {
    String first = one == null ? null : CANONICAL.get(one);
    String second = other == null ? null : CANONICAL.get(other);
    return first != null && second != null && !first.equals(second);
  }
}
