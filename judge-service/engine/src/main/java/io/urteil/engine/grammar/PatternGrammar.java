package io.urteil.engine.grammar;

import io.urteil.model.tokenizer.TokenTexts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A pattern over bytes, matched against a vocabulary. The allowed tokens of each state are computed
 * once, when the grammar is created; a step of a sample then costs a walk over the bytes of one
 * token.
 *
 * <p>Tokens without text (roles, padding) do not affect the state: a state that lists its tokens
 * does not list them, a state that bans tokens does not ban them, and sampling one changes nothing.
 */
final class PatternGrammar implements Grammar {

  /** The number of tokens at the end of the prompt that are searched for an opened thought. */
  private static final int OPENING_TOKENS = 32;

  private static final String ANY_THOUGHT =
      VerdictGrammars.OPEN_THOUGHT + "." + VerdictGrammars.CLOSE_THOUGHT;

  private final String name;
  private final ByteAutomaton automaton;
  private final TokenTexts texts;
  private final AllowedTokens[] choices;
  private final int inThought;
  private final int behindThought;

  /**
   * @throws IllegalArgumentException if the vocabulary cannot spell the pattern
   */
  PatternGrammar(String name, BytePattern pattern, SortedTokens tokens) {
    this.name = name;
    this.automaton = ByteAutomaton.of(pattern);
    this.texts = tokens.texts();
    this.inThought = startBehind(VerdictGrammars.OPEN_THOUGHT);
    this.behindThought = startBehind(ANY_THOUGHT);
    this.choices = new AllowedTokens[automaton.states()];
    for (int state = 0; state < choices.length; state++) {
      choices[state] = choice(state, tokens);
    }
    refuseDeadEnds();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Cursor start(int[] promptTokenIds) {
    int from = Math.max(0, promptTokenIds.length - OPENING_TOKENS);
    String end =
        texts
            .decode(Arrays.copyOfRange(promptTokenIds, from, promptTokenIds.length))
            .stripTrailing();
    if (end.endsWith(VerdictGrammars.OPEN_THOUGHT)) {
      return new Place(inThought);
    }
    return new Place(
        end.endsWith(VerdictGrammars.CLOSE_THOUGHT) ? behindThought : ByteAutomaton.START);
  }

  /** The initial state after this end of a prompt; the start if the pattern does not contain it. */
  private int startBehind(String written) {
    int state = automaton.read(ByteAutomaton.START, written.getBytes(StandardCharsets.UTF_8));
    return state == ByteAutomaton.DEAD ? ByteAutomaton.START : state;
  }

  private AllowedTokens choice(int state, SortedTokens tokens) {
    int[] readable = tokens.readable(automaton, state);
    boolean mayEnd = automaton.isAccepting(state);
    if (2 * readable.length <= tokens.count()) {
      return AllowedTokens.only(readable, mayEnd, !mayEnd && isOneText(readable));
    }
    BitSet banned = new BitSet();
    Arrays.stream(tokens.ids()).forEach(banned::set);
    Arrays.stream(readable).forEach(banned::clear);
    return AllowedTokens.allBut(banned.stream().toArray(), mayEnd);
  }

  /** Whether all tokens are prefixes of one text: in the order of bytes, each of the next. */
  private boolean isOneText(int[] readable) {
    for (int i = 1; i < readable.length; i++) {
      int length = texts.length(readable[i - 1]);
      if (texts.length(readable[i]) < length) {
        return false;
      }
      for (int at = 0; at < length; at++) {
        if (texts.at(readable[i - 1], at) != texts.at(readable[i], at)) {
          return false;
        }
      }
    }
    return readable.length > 0;
  }

  /** Checks every state that tokens can reach. */
  private void refuseDeadEnds() {
    BitSet seen = new BitSet();
    BitSet open = new BitSet();
    open.set(ByteAutomaton.START);
    open.set(inThought);
    open.set(behindThought);
    for (int state = open.nextSetBit(0); state >= 0; state = open.nextSetBit(0)) {
      open.clear(state);
      seen.set(state);
      AllowedTokens choice = choices[state];
      if (choice.isListed() && choice.size() == 0 && !choice.mayEnd()) {
        throw new IllegalArgumentException(
            "grammar '%s': no token of the vocabulary matches here (expected: one of %s)"
                .formatted(name, wanted(state)));
      }
      for (int id = 0; id < texts.size(); id++) {
        if (texts.length(id) > 0 && choice.allows(id)) {
          int reached = after(state, id);
          if (!seen.get(reached)) {
            open.set(reached);
          }
        }
      }
    }
  }

  private String wanted(int state) {
    StringBuilder bytes = new StringBuilder();
    for (int value = 0; value < 256; value++) {
      if (automaton.next(state, value) != ByteAutomaton.DEAD) {
        bytes.append(bytes.isEmpty() ? "" : " ").append('\'').append((char) value).append('\'');
      }
    }
    return bytes.toString();
  }

  private int after(int state, int token) {
    int reached = state;
    int length = texts.length(token);
    for (int i = 0; i < length && reached != ByteAutomaton.DEAD; i++) {
      reached = automaton.next(reached, texts.at(token, i));
    }
    return reached;
  }

  /** One sample's state. */
  private final class Place implements Cursor {

    private int state;

    Place(int state) {
      this.state = state;
    }

    @Override
    public AllowedTokens choice() {
      return choices[state];
    }

    @Override
    public void accept(int token) {
      int reached = after(state, token);
      if (reached == ByteAutomaton.DEAD) {
        throw new IllegalArgumentException(
            "token: %d (expected: one that grammar '%s' allows: %s)"
                .formatted(token, name, choices[state]));
      }
      state = reached;
    }
  }
}
