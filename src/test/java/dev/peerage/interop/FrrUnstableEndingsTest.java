package dev.peerage.interop;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@Tag("wide")
@DisplayName("End-of-RIB and enhanced refresh with FRR of Debian unstable")
final class FrrUnstableEndingsTest extends FrrEndings {
  @Override
  Router router(Ground ground) {
    return new Frr(ground, Programs.unstable());
  }
}
