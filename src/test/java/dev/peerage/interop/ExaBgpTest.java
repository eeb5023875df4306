package dev.peerage.interop;

import org.junit.jupiter.api.DisplayName;

@DisplayName("interop with ExaBGP of Debian 12")
final class ExaBgpTest extends RouterScenarios {
  @Override
  Router router(Ground ground) {
    return new ExaBgp(ground);
  }
}
