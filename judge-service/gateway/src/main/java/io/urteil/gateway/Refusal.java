package io.urteil.gateway;

import java.time.Duration;

/** Why the gateway does not accept a submission. Nothing was published then. */
public sealed interface Refusal {

  /** The sentence for the client: value, expectation and place. */
  String message();

  /** The submission breaks a rule. */
  record Invalid(String message) implements Refusal {}

  /** It is larger than a record of Kafka may be. */
  record TooLarge(String message) implements Refusal {}

  /** No run, group or judge of this name exists. */
  record Unknown(String message) implements Refusal {}

  /** The same member was submitted before with another content. */
  record Conflict(String message) implements Refusal {}

  /** The tenant may not use the run. */
  record Forbidden(String message) implements Refusal {}

  /** Too much is open, or the tenant sends more than its rate. */
  record Overloaded(String message, Duration retryAfter) implements Refusal {}

  /** The gateway stops, has not started, or cannot reach the broker. */
  record Unavailable(String message) implements Refusal {}
}
