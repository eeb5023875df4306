package dev.peerage.interop;

import org.junit.jupiter.api.DisplayName;

@DisplayName("interop with OpenBGPD of Debian 12")
final class OpenBgpdTest extends RouterScenarios {
  @Override
  Router router(Ground ground) {
    return new OpenBgpd(ground);
  }
}
