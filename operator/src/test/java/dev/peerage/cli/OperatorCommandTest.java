package dev.peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class OperatorCommandTest {
  @ParameterizedTest
  @CsvSource({
    "--router-id-mode=pool, 'is neither default nor ip-pool'",
    "--router-id-mode=ip-pool, 'needs a pool: give an IPv4 CIDR such as 10.255.0.0/16 with --router-id-pool'",
    "--router-id-mode=ip-pool --router-id-pool=10.0.0.1/24, 'it would be 10.0.0.0/24'",
    "--router-id-mode=ip-pool --router-id-pool=2001:db8::/64, 'router IDs are IPv4 addresses'",
  })
  void doesNotStartWithoutAUsablePool(String options, String error) {
    var errors = new StringWriter();

    var code =
        new CommandLine(new PeerageCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setErr(new PrintWriter(errors))
            .execute(("operator --leader-election-namespace=x " + options).split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(errors.toString()).contains(error);
  }
}
