package dev.peerage.bgp.wire;

final class UpdateRules {
  private UpdateRules() {}

  static Update validate(Update update, UpdateValidator.Session session) {
    throw new UnsupportedOperationException("follows");
  }
}
