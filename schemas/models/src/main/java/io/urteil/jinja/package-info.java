/**
 * The subset of the Jinja2 template language that chat templates use, as transformers runs it:
 * blocks are trimmed, and strings record the origin of each character. Features outside that subset
 * are rejected when a template is parsed.
 */
@NullMarked
package io.urteil.jinja;

import org.jspecify.annotations.NullMarked;
