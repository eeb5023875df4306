package dev.peerage.interop;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@Tag("wide")
@DisplayName("interop with BIRD of Debian unstable")
final class BirdUnstableTest extends RouterScenarios {
  @Override
  Router router(Ground ground) {
    return new Bird(ground, Programs.unstable());
  }
}
