// Elements whose texts are always text: nothing that a server or a person wrote becomes markup.

const svgSpace = "http://www.w3.org/2000/svg";

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export const element = (name, attributes = {}, ...children) => filled(document.createElement(name), attributes, children);
export const svg = (name, attributes = {}, ...children) => filled(document.createElementNS(svgSpace, name), attributes, children);
export const byId = id => document.getElementById(id);
