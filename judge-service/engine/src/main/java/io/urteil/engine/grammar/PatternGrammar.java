package io.urteil.engine.grammar;

import io.urteil.model.tokenizer.TokenTexts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

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

  private static final int UNREACHABLE = Integer.MAX_VALUE / 2;

  private static final String ANY_THOUGHT =
      VerdictGrammars.OPEN_THOUGHT + "." + VerdictGrammars.CLOSE_THOUGHT;

  private final String name;
  private final ByteAutomaton automaton;
  private final TokenTexts texts;
  private final AllowedTokens[] choices;
  private final int[] tokensToEnd;
  private final int mostTokensToEnd;
  private final Map<Long, AllowedTokens> endings = new ConcurrentHashMap<>();
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
    this.tokensToEnd = tokensToEnd();
    this.mostTokensToEnd =
        Arrays.stream(tokensToEnd).filter(count -> count < UNREACHABLE).max().orElse(0);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Cursor start(int[] promptTokenIds) {
    return new Place(startState(promptTokenIds));
  }

  @Override
  public Grammar within(int maxTokens) {
    return new Grammar() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Cursor start(int[] promptTokenIds) {
        int state = startState(promptTokenIds);
        return maxTokens < tokensToEnd[state]
            ? new Place(state)
            : new LimitedPlace(state, maxTokens);
      }
    };
  }

  private int startState(int[] promptTokenIds) {
    int from = Math.max(0, promptTokenIds.length - OPENING_TOKENS);
    String end =
        texts
            .decode(Arrays.copyOfRange(promptTokenIds, from, promptTokenIds.length))
            .stripTrailing();
    if (end.endsWith(VerdictGrammars.OPEN_THOUGHT)) {
      return inThought;
    }
    return end.endsWith(VerdictGrammars.CLOSE_THOUGHT) ? behindThought : ByteAutomaton.START;
  }

  /**
   * The tokens from each state to the end, with one for each byte and one for the stop token: an
   * upper bound for a vocabulary with all single bytes.
   */
  private int[] tokensToEnd() {
    int[] tokens = new int[automaton.states()];
    Arrays.fill(tokens, UNREACHABLE);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int state = 0; state < tokens.length; state++) {
        int least = automaton.isAccepting(state) ? 1 : UNREACHABLE;
        for (int value = 0; value < 256; value++) {
          int reached = automaton.next(state, value);
          if (reached != ByteAutomaton.DEAD) {
            least = Math.min(least, tokens[reached] + 1);
          }
        }
        if (least < tokens[state]) {
          tokens[state] = least;
          changed = true;
        }
      }
    }
    return tokens;
  }

  /** The choice of a state with this number of tokens left, from which the end is reached. */
  private AllowedTokens choice(int state, int left) {
    return left > mostTokensToEnd
        ? choices[state]
        : endings.computeIfAbsent(
            ((long) state << Integer.SIZE) | left, key -> ending(state, left));
  }

  private AllowedTokens ending(int state, int left) {
    AllowedTokens all = choices[state];
    int[] timely =
        IntStream.range(0, texts.size())
            .filter(id -> texts.length(id) > 0 && all.allows(id))
            .filter(id -> tokensToEnd[after(state, id)] < left)
            .toArray();
    return timely.length == 0 && !all.mayEnd()
        ? all
        : AllowedTokens.only(timely, all.mayEnd(), false);
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

  /** The state of a sample that ends within a number of tokens. */
  private final class LimitedPlace implements Cursor {

    private final Place place;
    private int left;

    LimitedPlace(int state, int left) {
      this.place = new Place(state);
      this.left = left;
    }

    @Override
    public AllowedTokens choice() {
      return PatternGrammar.this.choice(place.state, Math.max(1, left));
    }

    @Override
    public void accept(int token) {
      place.accept(token);
      left--;
    }
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
