package dev.peerage.bgp.wire;

/**
 * What is wrong with a message, and what follows from it (RFC 7606 section 2). Ordered by strength:
 * of several, the strongest decides.
 */
public sealed interface Malformed {
  /** One line for the log: which field, what it holds, what it may hold. */
  String reason();

  /** 3 for the strongest consequence (session reset) down to 0. */
  int severity();

  /**
   * The session ends with this NOTIFICATION.
   *
   * @param notification to be sent
   */
  record SessionReset(Notification notification, String reason) implements Malformed {
    @Override
    public int severity() {
      return 3;
    }
  }

  /**
   * Routes of the family are dropped and no more of them accepted in this session.
   *
   * @param family the family
   */
  record AfiSafiDisable(AddressFamily family, String reason) implements Malformed {
    @Override
    public int severity() {
      return 2;
    }
  }

  /**
   * The routes of the message count as withdrawn.
   *
   * @param attribute the type code of the attribute at fault; 0 when it is the list as such
   * @param code what a NOTIFICATION would have said
   */
  record TreatAsWithdraw(int attribute, NotificationCode code, String reason) implements Malformed {
    @Override
    public int severity() {
      return 1;
    }
  }

  /**
   * Some prefixes count as if they were not there; all else of the message counts.
   *
   * @param reason names one of them
   */
  record PrefixIgnored(String reason) implements Malformed {
    @Override
    public int severity() {
      return 0;
    }
  }

  /**
   * The attribute is dropped, the routes count.
   *
   * @param attribute its type code
   * @param code what a NOTIFICATION would have said
   */
  record AttributeDiscard(int attribute, NotificationCode code, String reason)
      implements Malformed {
    @Override
    public int severity() {
      return 0;
    }
  }
}
