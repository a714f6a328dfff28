/** Chat templates of model directories. May use the packages jinja and model.file. */
@NullMarked
package io.urteil.model.chat;

import org.jspecify.annotations.NullMarked;
