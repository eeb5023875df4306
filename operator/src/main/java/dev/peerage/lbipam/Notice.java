package dev.peerage.lbipam;

/**
 * Something that the author of a Service should know and that is no refusal.
 *
 * @param reason one word in camel case, for an Event
 * @param text field, what follows, remedy
 */
public record Notice(String reason, String text) {}
