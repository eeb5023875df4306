package dev.peerage.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives waits of Awaitility that name no limit a minute and a half instead of ten seconds, which a
 * busy machine needs for next to nothing. Found by JUnit in every test run.
 */
public final class PatientWaits implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(90));
  }
}
