/** An age in the two units that matter, for people: `35m`, `26h`, `2d 3h`, `90d`. */
export const formatAge = (seconds: number): string => {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 60) return `${minutes}m`;
  if (hours < 48) return minutes % 60 === 0 || hours >= 10 ? `${hours}h` : `${hours}h ${minutes % 60}m`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 || days >= 10 ? `${days}d` : `${days}d ${hours % 24}h`;
};
