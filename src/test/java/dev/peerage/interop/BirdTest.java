package dev.peerage.interop;

import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("interop with BIRD of Debian 12")
final class BirdTest extends RouterScenarios {
  @Override
  Router router(Ground ground) {
    return new Bird(ground, List.of());
  }
}
