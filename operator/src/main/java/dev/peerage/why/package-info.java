/**
 * Why a Service, an address or a prefix is announced or not: what an agent answers about its node,
 * and what all agents and the API's objects say together. Pure functions.
 */
@NullMarked
package dev.peerage.why;

import org.jspecify.annotations.NullMarked;
