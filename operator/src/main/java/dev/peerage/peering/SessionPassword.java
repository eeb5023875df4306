package dev.peerage.peering;

import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.peering.Passwords.Entry;
import java.util.Collection;

/** How the sessions of a peer config are signed (RFC 2385). */
final class SessionPassword {
  private static final String NOT_DIALED =
      "the peers that use it are not configured, because they must not be dialed without it";

  private SessionPassword() {}

  /**
   * The password in a Secret. What is suspicious is added to the problems; throws {@link
   * InvalidFieldException} when there is none, so that a peer is never dialed without the password
   * that was asked for.
   *
   * @param path the field that names it
   */
  static Authentication of(
      String secret, Passwords passwords, FieldPath path, Collection<Problem> problems)
      throws InvalidFieldException {
    if (passwords.namespace().isEmpty()) {
      throw path.invalid(
          "no namespace for the Secrets of BGP is configured, so that there is no password",
          NOT_DIALED,
          "set bgpControlPlane.secretsNamespace.enabled=true of the chart (--secrets-namespace of"
              + " the agent), or remove authSecretRef where the peers ask for no password");
    }
    String named = "Secret '" + secret + "' in namespace '" + passwords.namespace() + "'";
    if (!passwords.known()) {
      throw path.invalid(
          "the Secrets of namespace '"
              + passwords.namespace()
              + "' cannot be read, so that there is no password",
          NOT_DIALED,
          "wait where the API server is away; else let the agent's service account list and watch"
              + " Secrets there, as docs/rbac.md says");
    }
    Entry entry = passwords.bySecret().get(secret);
    if (entry == null) {
      throw path.invalid(
          "there is no " + named + " and thus no password",
          NOT_DIALED,
          Passwords.whereToPut(passwords.namespace())
              + ", or remove authSecretRef where the peers ask for no password");
    }
    return switch (entry) {
      case Entry.Password(var key) -> {
        if (key.key().endsWith("\n")) {
          problems.add(
              path.problem(
                  "the password in " + named + " ends with a line break, which is part of it",
                  "store it without, unless the peer's password has it too"));
        }
        yield key;
      }
      case Entry.NoKey _ ->
          throw path.invalid(
              named + " has no key 'password'",
              NOT_DIALED,
              "store the password under the key 'password'");
      case Entry.Empty _ ->
          throw path.invalid(
              "the key 'password' of " + named + " is empty",
              NOT_DIALED,
              "store the password under the key 'password'");
      case Entry.TooLong(int octets) ->
          throw path.invalid(
              "the password in %s has %d octets and TCP MD5 signatures take %d"
                  .formatted(named, octets, Passwords.LONGEST),
              NOT_DIALED,
              "choose a shorter one");
      case Entry.NotText _ ->
          throw path.invalid(
              "the password in " + named + " is no UTF-8 text",
              NOT_DIALED,
              "choose one of letters, digits and signs");
    };
  }
}
