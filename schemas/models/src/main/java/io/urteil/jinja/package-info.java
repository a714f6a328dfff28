/**
 * The part of the Jinja2 template language in which chat templates are written, as transformers
 * runs it: blocks trimmed, strings that remember which of their characters came from where. What is
 * outside that part is refused when a template is read.
 */
@NullMarked
package io.urteil.jinja;

import org.jspecify.annotations.NullMarked;
