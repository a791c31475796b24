/** Lines of at most `width` characters, broken between words; a word that is longer stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S)(?= +\S)/)) {
    if (line !== "" && line.length + word.length > width) {
      lines.push(line);
      line = word.trimStart();
    } else line += line === "" ? word.trimStart() : word;
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}
