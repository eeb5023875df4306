package dev.peerage.interop;

import org.junit.jupiter.api.DisplayName;

@DisplayName("interop with GoBGP")
final class GoBgpTest extends RouterScenarios {
  @Override
  Router router(Ground ground) {
    return new GoBgp(ground, Programs.gobgp());
  }
}
