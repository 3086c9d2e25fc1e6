/** Browsers ask for the tab's icon again whenever the address changes. Held as bytes, it is never asked for again. */
export async function holdIcon(): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link || link.href.startsWith("blob:")) return;
  const bytes = await (await fetch(link.href)).arrayBuffer();
  link.href = URL.createObjectURL(new Blob([bytes], { type: link.type }));
}
