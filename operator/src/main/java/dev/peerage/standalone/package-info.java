/** The BGP engine alone, from one YAML file: reads the file, follows it, serves the state. */
@NullMarked
package dev.peerage.standalone;

import org.jspecify.annotations.NullMarked;
