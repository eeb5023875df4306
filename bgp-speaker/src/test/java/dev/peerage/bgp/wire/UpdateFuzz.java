package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.AttributeType.Flags;

/** Any bytes as UPDATE, from an internal or an external peer. */
public final class UpdateFuzz {
  private UpdateFuzz() {}

  /** Called by Jazzer and by the replay of the corpus. */
  public static void fuzzerTestOneInput(byte[] input) {
    CodecContext context = FuzzInput.context(input);
    boolean external = (FuzzInput.choice(input) & 32) == 0;
    try {
      Update update =
          (Update) MessageCodec.decode(FuzzInput.message(MessageType.UPDATE, input), context);
      roundTrip(update, context);
      Update valid = UpdateValidator.validate(update, new UpdateValidator.Session(external, 65000));
      if (valid.treatAsWithdraw() && !valid.announcements().isEmpty()) {
        throw new AssertionError("routes that count as withdrawn are announced: " + valid);
      }
      if (valid.endOfRib().isPresent() && !valid.withdrawals().isEmpty()) {
        throw new AssertionError("an End-of-RIB with routes: " + valid);
      }
      for (Malformed problem : valid.problems()) {
        if (problem instanceof Malformed.SessionReset || problem.reason().isBlank()) {
          throw new AssertionError(problem);
        }
      }
      roundTrip(valid, context);
    } catch (MalformedMessageException e) {
      FuzzInput.roundTrip(e.error().notification(), FuzzInput.roomy(context));
    }
  }

  /** The encoder sets Partial on what Peerage does not read (RFC 4271 section 5). */
  private static void roundTrip(Update update, CodecContext context) {
    PathAttributes attributes = update.attributes();
    for (PathAttribute attribute : update.attributes().asList()) {
      if (attribute instanceof PathAttribute.Unknown(int flags, int code, Bytes value)) {
        attributes = attributes.with(new PathAttribute.Unknown(flags | Flags.PARTIAL, code, value));
      }
    }
    Update sent = new Update(update.withdrawn(), attributes, update.announced());
    try {
      Update again =
          (Update) MessageCodec.decode(FuzzInput.encode(sent, context), FuzzInput.roomy(context));
      // A next hop that is no next hop is a problem once more.
      if (!new Update(again.withdrawn(), again.attributes(), again.announced()).equals(sent)) {
        throw new AssertionError(sent + " became " + again);
      }
    } catch (MalformedMessageException e) {
      throw new AssertionError(sent + " is refused after encoding: " + e.error(), e);
    }
  }
}
