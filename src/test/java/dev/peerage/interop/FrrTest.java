package dev.peerage.interop;

import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("interop with FRR of Debian 12")
final class FrrTest extends RouterScenarios {
  @Override
  Router router(Ground ground) {
    return new Frr(ground, List.of());
  }
}
