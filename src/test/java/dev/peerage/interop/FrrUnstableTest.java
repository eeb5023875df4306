package dev.peerage.interop;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@Tag("wide")
@DisplayName("interop with FRR of Debian unstable")
final class FrrUnstableTest extends RouterScenarios {
  @Override
  Router router(Ground ground) {
    return new Frr(ground, Programs.unstable());
  }
}
