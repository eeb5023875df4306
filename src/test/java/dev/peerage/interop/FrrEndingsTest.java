package dev.peerage.interop;

import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("End-of-RIB and enhanced refresh with FRR of Debian 12")
final class FrrEndingsTest extends FrrEndings {
  @Override
  Router router(Ground ground) {
    return new Frr(ground, List.of());
  }
}
