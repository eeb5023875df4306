package dev.peerage.cli;

import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 127.0.0.1:17901} or {@code [::1]:17901}; port 0 lets the system choose. */
final class SocketAddressConverter implements ITypeConverter<InetSocketAddress> {
  @Override
  public InetSocketAddress convert(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      var address = new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
      if (!host.isEmpty() && !address.isUnresolved()) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "' has no valid port: " + e.getMessage());
    }
    throw new TypeConversionException("'" + text + "' is not HOST:PORT with a known host");
  }
}
