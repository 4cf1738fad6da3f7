// Between the browser's selection and offsets of the article. Both count UTF-16 code units in text nodes.

import { STRETCH } from "./text.js";
import { pieceAt } from "./words.js";

/** Offset of a point of the DOM, or null outside of the article; a point between blocks counts to the one before or after. */
function offsetOf(view, node, offset, isEnd) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const chunkElement = element?.closest(".chunk");
  if (chunkElement) {
    const range = document.createRange();
    range.setStart(chunkElement, 0);
    range.setEnd(node, offset);
    return chunkElement.chunk.start + range.toString().length;
  }
  if (!view.root.contains(node)) return null;
  const pieceElement = element.closest(".piece");
  if (pieceElement) {
    const piece = pieceElement.piece;
    const within = piece.words.contains(node) || piece.words === node;
    if (within) return offset === 0 ? piece.start : piece.chunks[Math.min(offset, piece.chunks.length) - 1].end;
    return isEnd ? piece.start : piece.end;
  }
  const index = element.first === undefined ? offset * STRETCH : element.first + offset;
  const next = view.pieces[Math.min(index, view.pieces.length - 1)];
  return index < view.pieces.length ? next.start : next.end;
}

/** What is selected in the article: {start, end}, or null. */
export function selectedRange(view) {
  const selection = document.getSelection();
  if (selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(view.root)) return null;
  const edge = (node, offset, isEnd) => {
    const found = offsetOf(view, node, offset, isEnd);
    if (found !== null) return found;
    return isEnd ? view.doc.text.length : 0;
  };
  const start = edge(range.startContainer, range.startOffset, false);
  const end = edge(range.endContainer, range.endOffset, true);
  return start < end ? { start, end } : null;
}

/** The point of the DOM at an offset. */
export function pointAt(view, offset, isEnd = false) {
  const piece = view.pieces[pieceAt(view.pieces, isEnd && offset > 0 ? offset - 1 : offset)];
  const inside = Math.max(piece.start, Math.min(offset, piece.end));
  const chunk = piece.chunks.findLast((one) => (isEnd ? one.start < inside : one.start <= inside)) ?? piece.chunks[0];
  let left = inside - chunk.start;
  const walker = document.createTreeWalker(chunk.element, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (node && (isEnd ? left > node.length : left >= node.length)) {
    const next = walker.nextNode();
    if (!next) return { node, offset: node.length };
    left -= node.length;
    node = next;
  }
  return node ? { node, offset: left } : { node: chunk.element, offset: 0 };
}

/** Selects a range as a mouse would; null clears. */
export function select(view, range) {
  const selection = document.getSelection();
  if (range === null) {
    selection.removeAllRanges();
    return;
  }
  const from = pointAt(view, range.start);
  const to = pointAt(view, range.end, true);
  selection.setBaseAndExtent(from.node, from.offset, to.node, to.offset);
}

/** The box of a range in the window, of its last line: where a toolbar belongs. */
export function boxOf(view, range) {
  const made = document.createRange();
  const from = pointAt(view, range.start);
  const to = pointAt(view, range.end, true);
  made.setStart(from.node, from.offset);
  made.setEnd(to.node, to.offset);
  const boxes = made.getClientRects();
  return boxes[boxes.length - 1] ?? made.getBoundingClientRect();
}

/** Brings an offset into sight, without motion where it is already. */
export function reveal(view, offset) {
  const piece = view.pieces[pieceAt(view.pieces, offset)];
  if (!piece) return;
  const point = pointAt(view, offset);
  const range = document.createRange();
  range.setStart(point.node, point.offset);
  range.collapse(true);
  const box = range.getBoundingClientRect();
  const frame = view.root.closest(".scroller").getBoundingClientRect();
  if (box.height > 0 && box.top >= frame.top + 40 && box.bottom <= frame.bottom - 60) return;
  if (box.height === 0) piece.element.scrollIntoView({ block: "center" });
  else (point.node.parentElement ?? piece.element).scrollIntoView({ block: "center" });
}

/** What an arrow key means at an offset: 1 onwards in the text, -1 back; in a right-to-left block they change places. */
export function arrow(view, key, offset) {
  const piece = view.pieces[pieceAt(view.pieces, offset)];
  const backwards = piece && getComputedStyle(piece.words).direction === "rtl";
  return (key === "ArrowRight") === !backwards ? 1 : -1;
}
