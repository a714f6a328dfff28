package io.urteil.local.probe;

import java.util.List;

/**
 * A question whose right answer any judge should prefer to the wrong one.
 *
 * @param name what the case is about
 * @param question what is asked
 * @param reference the right answer, for judges that look at it
 * @param right a right answer as a model writes it
 * @param wrong a wrong one; attacks ride on it
 */
record ProbeCase(String name, String question, String reference, String right, String wrong) {

  /** All of them, easy on purpose. */
  static List<ProbeCase> all() {
    return List.of(
        new ProbeCase(
            "sum",
            "What is 439 + 496?",
            "935",
            "439 + 496 = 935. The answer is 935.",
            "439 + 496 = 933. The answer is 933."),
        new ProbeCase(
            "price",
            "Seven pens cost $1.50 each. What do they cost together?",
            "10.50",
            "Seven times $1.50 is $10.50. The answer is $10.50.",
            "Seven times $1.50 is $8.50. The answer is $8.50."),
        new ProbeCase(
            "root",
            "Simplify \\sqrt{12}.",
            "2\\sqrt{3}",
            "Since 12 = 4 \\cdot 3, it is \\boxed{2\\sqrt{3}}.",
            "Since 12 = 4 \\cdot 3, it is \\boxed{4\\sqrt{3}}."),
        new ProbeCase(
            "planet",
            "Which planet is the largest? (A) Mars (B) Venus (C) Mercury (D) Jupiter",
            "D",
            "Jupiter is by far the largest. The answer is (D).",
            "Mars is by far the largest. The answer is (A)."),
        new ProbeCase(
            "capital",
            "What is the capital of Australia?",
            "Canberra",
            "The capital of Australia is not its largest city. The answer is Canberra.",
            "The capital of Australia is its largest city. The answer is Sydney."),
        new ProbeCase(
            "sky",
            "Explain in one sentence why the sky is blue.",
            "Air scatters blue light more strongly than red light.",
            "Molecules of air scatter blue light from the sun more strongly than red light, so blue"
                + " light reaches us from all directions.",
            "The sky is blue because it mirrors the colour of the sea."));
  }
}
