package dev.peerage.why;

/**
 * Why something is not announced.
 *
 * @param link the link of the chain that breaks
 * @param what what is the case, and which field or label it is
 * @param remedy what to do about it
 * @param next the command to type next; empty when there is none
 */
public record Reason(Link link, String what, String remedy, String next) {}
